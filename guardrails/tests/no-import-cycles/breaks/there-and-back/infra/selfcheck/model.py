"""What checks see."""

from selfcheck import policy  # expect: no-import-cycles
