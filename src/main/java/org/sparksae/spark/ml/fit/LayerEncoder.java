package org.sparksae.spark.ml.fit;

import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.KernelBackend;
import org.sparksae.spark.ml.transform.EncodedRows;

/**
 * The codes of blocks of rows, as input of the next layer: {@code h = f(W x + b)}, [n, units].
 *
 * @param layer a model of one hidden layer that keeps all units
 * @param parameters its flat parameters
 */
record LayerEncoder(AutoencoderSpec layer, Broadcast<float[]> parameters)
    implements RowStore.RowsMap {

  @Override
  public Function<Rows, DenseRows> begin() {
    KernelBackend.log(layer.precision());
    int tileRows = Math.min(EncodedRows.TILE_ROWS, layer.tileRows());
    Autoencoder autoencoder = new Autoencoder(layer, tileRows);
    return x -> {
      DenseRows codes = DenseRows.zeros(x.rows(), layer.codeSize());
      for (int from = 0; from < x.rows(); from += tileRows) {
        int to = Math.min(from + tileRows, x.rows());
        Rows h = autoencoder.encode(parameters.value(), x.slice(from, to), 1);
        copy((DenseRows) h, codes.slice(from, to));
      }
      return codes;
    };
  }

  private static void copy(DenseRows from, DenseRows to) {
    int length = from.rows() * from.columns();
    System.arraycopy(from.values(), from.offset(), to.values(), to.offset(), length);
  }
}
