"""The REST API of scoring: one module per resource, over the verbs that the pages use."""
