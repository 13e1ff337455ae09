"""The pages around the workbench, one file per screen."""
