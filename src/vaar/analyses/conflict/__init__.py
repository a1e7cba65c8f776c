"""What a randomised conflict of benefit and risk does to acceptance and to what is released."""
