"""The verbs. A page, the API, a job and a command call the same ones."""
