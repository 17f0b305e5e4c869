package org.sparksae.core.nn;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.Pooling;

/** Pools the maps of one row at a time, in buffers that are reused. */
public final class PooledMaps {
  private final Pooling pooling;
  private final DenseRows pooled;
  private final float[] maps;

  /** Allocates the buffers. */
  public PooledMaps(Pooling pooling) {
    this.pooling = pooling;
    this.pooled = DenseRows.zeros(1, pooling.output().size());
    this.maps = new float[pooling.input().size()];
  }

  /**
   * Returns the pooled maps of a row, [1, F H' W']; valid until the next call.
   *
   * @param codes maps [n, F H W]; values that a sparse row does not store are 0
   */
  public DenseRows of(Rows codes, int row) {
    if (codes instanceof SparseRows sparse) {
      Arrays.fill(maps, 0f);
      for (int e = sparse.start(row); e < sparse.end(row); e++) {
        maps[sparse.indices()[e]] = sparse.values()[e];
      }
      pooling.apply(maps, 0, pooled.values());
    } else {
      DenseRows dense = (DenseRows) codes;
      pooling.apply(dense.values(), dense.rowOffset(row), pooled.values());
    }
    return pooled;
  }
}
