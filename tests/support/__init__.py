"""What the tests of every area share."""
