package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.Transpose;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * A convolutional layer: in the encoder, from images to maps; in the decoder, transposed, from maps
 * to images. Both have weights [F, C K^2]; see {@link Convolution}.
 *
 * <p>Each member of a team works on its own rows and computes its own gradient, which is small
 * because all positions share the weights.
 */
public final class ConvolutionLayer implements Layer {
  private final Convolution convolution;
  private final boolean transposed;
  private final Tensor weight;
  private final Tensor bias;
  private final Activation activation;
  private float[] byTap;
  private boolean byTapIsCurrent;
  private ConvolutionProducts[] products;
  private WindowEntries[] entries;

  public ConvolutionLayer(
      Convolution convolution,
      boolean transposed,
      Tensor weight,
      Tensor bias,
      Activation activation) {
    this.convolution = convolution;
    this.transposed = transposed;
    this.weight = weight;
    this.bias = bias;
    this.activation = activation;
  }

  @Override
  public int inputSize() {
    return transposed ? convolution.output().size() : convolution.input().size();
  }

  @Override
  public int outputSize() {
    return transposed ? convolution.input().size() : convolution.output().size();
  }

  @Override
  public Tensor weight() {
    return weight;
  }

  @Override
  public Tensor bias() {
    return bias;
  }

  @Override
  public Activation activation() {
    return activation;
  }

  public Convolution convolution() {
    return convolution;
  }

  @Override
  public void parametersChanged() {
    byTapIsCurrent = false;
  }

  @Override
  public void prepare(float[] parameters, Rows x, Team team) {
    if (products == null) {
      products = new ConvolutionProducts[team.size()];
      entries = new WindowEntries[team.size()];
      for (int m = 0; m < team.size(); m++) {
        products[m] = new ConvolutionProducts(convolution);
        entries[m] = new WindowEntries(convolution);
      }
      byTap = new float[weight.size()];
    }
    if (!byTapIsCurrent) {
      Transpose.matrix(
          parameters, weight.offset(), weight.rows(), weight.columns(), byTap, 0, team);
      byTapIsCurrent = true;
    }
  }

  @Override
  public void forward(float[] parameters, Rows x, DenseRows y, int member) {
    for (int i = 0; i < x.rows(); i++) {
      if (!transposed) {
        convolve(x, i, parameters, y, i, member);
      } else if (x instanceof SparseRows sparse) {
        entries[member].read(sparse, i);
        transpose(entries[member], parameters, parameters, y, i, member);
      } else {
        transpose((DenseRows) x, i, parameters, parameters, y, member);
      }
    }
    activation.apply(y);
  }

  /** Computes the maps of an image, before the activation; without biases if they are null. */
  public void convolve(
      Rows images, int image, float[] biases, DenseRows maps, int row, int member) {
    products[member].read(images, image);
    products[member].convolve(byTap, biases, bias.offset(), maps.values(), maps.rowOffset(row));
  }

  private void transpose(
      DenseRows maps, int row, float[] parameters, float[] biases, DenseRows images, int member) {
    products[member].transpose(parameters, weight.offset(), maps.values(), maps.rowOffset(row));
    products[member].write(biases, bias.offset(), images, row);
  }

  /**
   * Computes an image from the entries of sparse maps, before the activation; without biases if
   * they are null.
   */
  public void transpose(
      WindowEntries maps,
      float[] parameters,
      float[] biases,
      DenseRows images,
      int row,
      int member) {
    ConvolutionProducts product = products[member];
    product.beginImage();
    maps.addWindows(parameters, weight.offset(), product);
    product.write(biases, bias.offset(), images, row);
  }

  @Override
  public void mapBack(float[] parameters, DenseRows delta, DenseRows inputDelta, int member) {
    for (int i = 0; i < delta.rows(); i++) {
      if (transposed) {
        convolve(delta, i, null, inputDelta, i, member);
      } else {
        transpose(delta, i, parameters, null, inputDelta, member);
      }
    }
  }

  @Override
  public void weightGradient(
      Rows x, DenseRows delta, float[] gradient, boolean accumulate, Team team, int member) {
    Rows images = transposed ? delta : x;
    DenseRows maps = transposed ? (DenseRows) x : delta;
    ConvolutionProducts product = products[member];
    product.beginGradient();
    team.part(
        member,
        delta.rows(),
        1,
        (m, from, to) -> {
          for (int i = from; i < to; i++) {
            product.read(images, i);
            product.addGradient(maps.values(), maps.rowOffset(i));
          }
        });
  }

  @Override
  public void endWeightGradient(float[] gradient, boolean accumulate) {
    if (!accumulate) {
      Kernels.fill(gradient, weight.offset(), weight.offset() + weight.size(), 0f);
    }
    for (ConvolutionProducts product : products) {
      product.endGradient(gradient, weight.offset());
    }
  }

  /** Returns the products and buffers of a member. */
  public ConvolutionProducts products(int member) {
    return products[member];
  }
}
