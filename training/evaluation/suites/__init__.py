"""Sets of questions: a person's own media, compositions, paraphrases."""
