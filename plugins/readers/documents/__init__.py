"""The reader of documents: text, Markdown, HTML, CSV, Word and PDF become passages with places."""
