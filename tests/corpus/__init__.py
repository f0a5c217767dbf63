"""Projects that people could have written, and what the compiler makes of them."""
