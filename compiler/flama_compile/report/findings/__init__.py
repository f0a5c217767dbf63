"""The findings of `diff` as text, JSON, Markdown, annotations, SARIF, JUnit or a page."""
