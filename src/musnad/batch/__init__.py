"""Archives of any size: record batches in, record batches out, under an engine that exists (a process pool, Ray Data, Spark, Polars).

`read_batch` is the whole contract; `run` is what `musnad run` does. Needs pyarrow and fsspec (`musnad[batch]`).
"""

from musnad.batch.reading import read_batch
from musnad.batch.running import run

__all__ = ["read_batch", "run"]
