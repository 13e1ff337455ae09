"""Elasticsearch 9 behind the protocol: for a corpus that outgrows one machine, or a team that has a cluster anyway."""
