"""What checks see."""

from selfcheck import policy
