"""Every built-in check, spoiled in one way at a time, must fail its proof: what a canary does not see proves nothing."""
