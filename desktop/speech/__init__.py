"""The speech process and its client: microphone to words, words to loudspeaker. Knows no Qt.

The whole path of the sound lies in one process, so that an answer is silenced within the time of a
syllable whatever the window does.
"""
