package org.sparksae.bench;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.sparksae.core.model.Convolution;

/**
 * PyTorch's {@code conv_transpose2d}, which DJL does not offer: it is called by a TorchScript
 * module, whose archive is written here.
 *
 * <p>The mirrored {@code conv2d} that it is by a stride of 1 would be slower: oneDNN has better
 * kernels for few channels as an input than as an output.
 */
final class TransposedConvolution implements AutoCloseable {
  /** A pickle of {@code M}, whose only attribute is {@code training = True}. */
  private static final String INSTANCE =
      "\u0080\u0002c__torch__\nM\n)\u0081}(X\u0008\0\0\0training\u0088ub.";

  /** A pickle of the empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\u0002).";

  private static final String CODE =
      """
      class M(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.M, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
          return torch.conv_transpose2d(x, w, b, [%1$d, %1$d], [%2$d, %2$d], [0, 0], 1, [1, 1])
      """;

  private final Model model = Model.newInstance("transposed", "PyTorch");
  private final ParameterStore none;

  /** The transposed form of a convolution with an odd kernel that pads both sides alike. */
  TransposedConvolution(Convolution of, NDManager manager) {
    none = new ParameterStore(manager, false);
    try {
      model.load(new ByteArrayInputStream(archive(of.stride(), of.kernel() / 2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("PyTorch refuses the module", e);
    }
  }

  private static byte[] archive(int stride, int padding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "data.pkl", INSTANCE);
      add(zip, "code/__torch__.py", CODE.formatted(stride, padding));
      add(zip, "constants.pkl", NO_CONSTANTS);
      add(zip, "version", "3\n");
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry("transposed/" + name));
    zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
    zip.closeEntry();
  }

  /**
   * Images [n, C, H, W] of maps [n, F, H', W'], differentiable; in the maps' manager.
   *
   * @param weight [F, C, K, K]
   * @param bias [C]
   */
  NDArray apply(NDArray maps, NDArray weight, NDArray bias) {
    NDArray images =
        model.getBlock().forward(none, new NDList(maps, weight, bias), true).singletonOrThrow();
    images.attach(maps.getManager());
    return images;
  }

  @Override
  public void close() {
    model.close();
  }
}
