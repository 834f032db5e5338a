"""One module a format: `render(report, …) -> str`; nothing here knows more than the model."""
