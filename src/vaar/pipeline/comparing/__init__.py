"""From run directories to their comparison."""
