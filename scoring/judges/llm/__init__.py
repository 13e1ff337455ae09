"""The LLM judge: a language model fills in a form with one number, 0 to 10, for two texts, as in G-Eval. Pure.

``prompts`` is what it is asked, ``endpoint`` the one door to it, ``replies`` how what it says is read, ``memory`` where
that is kept, ``judge`` all of them together. Which endpoint, and the database, are ``scoring/judging.py``'s.
"""
