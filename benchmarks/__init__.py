"""What the figures on speed come from: each compares two ways side by side in one run, and prints ratios."""
