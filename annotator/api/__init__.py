"""The REST API of people’s work: one module per resource, over the verbs and querysets that the pages use."""
