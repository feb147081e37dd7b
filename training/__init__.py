"""How the models that the service ships were made: nothing here is needed to run it."""
