package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.Transpose;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * A layer of a {@link Convolution}: of the encoder, from images to maps, or transposed and of the
 * decoder, from maps to images. Either has the weights [F, C K^2].
 *
 * <p>Each member of a team works on rows of its own, and adds up a gradient of its own: the weights
 * are few and shared by all positions.
 */
final class ConvolutionLayer implements Layer {
  private final Convolution convolution;
  private final boolean transposed;
  private final Tensor weight;
  private final Tensor bias;
  private final Activation activation;
  private float[] byTap;
  private boolean byTapIsCurrent;
  private ConvolutionProducts[] products;
  private WindowEntries[] entries;

  ConvolutionLayer(
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

  Convolution convolution() {
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
      Transpose.matrix(parameters, weight.offset(), weight.rows(), weight.columns(), byTap, team);
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

  /** Maps of an image, before the activation; without biases if they are null. */
  void convolve(Rows images, int image, float[] biases, DenseRows maps, int row, int member) {
    products[member].read(images, image);
    products[member].convolve(byTap, biases, bias.offset(), maps.values(), maps.rowOffset(row));
  }

  private void transpose(
      DenseRows maps, int row, float[] parameters, float[] biases, DenseRows images, int member) {
    products[member].transpose(parameters, weight.offset(), maps.values(), maps.rowOffset(row));
    products[member].write(biases, bias.offset(), images, row);
  }

  /** An image of maps of which the entries are given; without biases if they are null. */
  void transpose(
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

  /** What a member works with. */
  ConvolutionProducts products(int member) {
    return products[member];
  }

  @Override
  public SparseEncoder sparseEncoder(HiddenLayer form, int maxRows, Team team) {
    return new MapWinners(this, form.topK(), maxRows, team);
  }

  @Override
  public SparseGradient sparseGradient(Layer decoder, Team team) {
    return new SparseMapsGradient(this, (ConvolutionLayer) decoder, team);
  }
}
