"""Settings: their readers, and the checks of them."""
