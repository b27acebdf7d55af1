"""One HTTP call with limits: bounded JSON, lenient schemas, address checks."""
