"""The school: Pocketworld, the alignment stages, MosIT, export and evaluation."""
