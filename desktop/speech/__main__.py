"""`python -m desktop.speech`: the speech process, at the other end of its client's pipes."""

from desktop.speech.process import main

if __name__ == "__main__":
    main()
