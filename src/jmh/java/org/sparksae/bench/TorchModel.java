package org.sparksae.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.ImageShape;

/**
 * An autoencoder in PyTorch, as its users write one: {@code linear}, {@code sigmoid} or {@code
 * topk} and {@code scatter}, {@code linear}; or {@code conv2d}, {@code relu}, {@code
 * conv_transpose2d}; autograd, Adam.
 *
 * <pre>
 * J = (1/N) sum over i of 1/2 |x_hat_i - x_i|^2 + lambda/2 |W|^2 + w sum over j of KL(rho, mean_j)
 * </pre>
 *
 * <p>Where there is a choice, it is PyTorch's faster one:
 *
 * <ul>
 *   <li>the weight decay is Adam's {@code weight_decay}, of the matrices only, which costs nothing
 *       extra and is the same gradient;
 *   <li>the squared error is the square of a norm, which autograd differentiates in one pass, as it
 *       does {@code mse_loss};
 *   <li>the zeros that codes are scattered into are broadcast, so that only the scatter writes
 *       them;
 *   <li>gradients are dropped and not zeroed ({@code zero_grad(set_to_none=True)}): each step
 *       differentiates by fresh leaves that share the parameters' memory.
 * </ul>
 */
final class TorchModel implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias");

  private final Case c;
  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
  private final NDList parameters = new NDList();
  private final TransposedConvolution transposed;
  private final Optimizer decaying = adam((float) Case.REG_PARAM);
  private final Optimizer plain = adam(0f);

  /** A model with the given flat parameters, laid as {@link BenchData#initialParameters}. */
  TorchModel(Case c, float[] initial) {
    this.c = c;
    this.transposed =
        c.kind() == Case.Kind.CONVOLUTION
            ? new TransposedConvolution(c.convolution(), manager)
            : null;
    int from = 0;
    for (Shape shape : shapes(c)) {
      int to = from + Math.toIntExact(shape.size());
      parameters.add(nativeCopy(Arrays.copyOfRange(initial, from, to), shape));
      from = to;
    }
  }

  private static List<Shape> shapes(Case c) {
    Shape codeBias = new Shape(c.codeBiases());
    Shape outputBias = new Shape(c.outputBiases());
    Convolution of = c.convolution();
    if (of == null) {
      return List.of(
          new Shape(c.hidden(), c.inputs()),
          codeBias,
          new Shape(c.inputs(), c.hidden()),
          outputBias);
    }
    Shape filters =
        new Shape(of.filters(), of.input().channels(), of.kernel(), of.kernel());
    return List.of(filters, codeBias, filters, outputBias);
  }

  private static Optimizer adam(float weightDecay) {
    return Optimizer.adam()
        .optLearningRateTracker(Tracker.fixed((float) Case.STEP_SIZE))
        .optWeightDecays(weightDecay)
        .build();
  }

  /**
   * An array in memory that PyTorch allocated, aligned for its kernels. What DJL makes of a Java
   * array is a view of a direct buffer, which dies with its Java object whoever still uses it.
   */
  NDArray nativeCopy(float[] values, Shape shape) {
    try (NDArray view = manager.create(values, shape)) {
      return view.duplicate();
    }
  }

  /** Where the parameters live; batches are made in its sub-managers. */
  NDManager manager() {
    return manager;
  }

  /** One Adam step on a batch x [n, inputs], whose manager holds what the step allocates. */
  void step(NDArray x) {
    NDList leaves = differentiate(x).leaves();
    for (int p = 0; p < NAMES.size(); p++) {
      NDArray parameter = parameters.get(p);
      Optimizer optimizer = parameter.getShape().dimension() > 1 ? decaying : plain;
      optimizer.update(NAMES.get(p), parameter, leaves.get(p).getGradient());
    }
  }

  /** The codes [n, hidden] of a batch x [n, inputs], without gradients; in x's manager. */
  NDArray encode(NDArray x) {
    return code(x, parameters);
  }

  /**
   * Loss without weight decay, and the gradients without weight decay, flat.
   *
   * @param x a batch, [n, inputs]
   */
  LossAndGradient lossAndGradient(NDArray x) {
    Differentiated done = differentiate(x);
    int size = 0;
    for (NDArray leaf : done.leaves()) {
      size += Math.toIntExact(leaf.size());
    }
    float[] gradient = new float[size];
    int from = 0;
    for (NDArray leaf : done.leaves()) {
      float[] part = leaf.getGradient().toFloatArray();
      System.arraycopy(part, 0, gradient, from, part.length);
      from += part.length;
    }
    return new LossAndGradient(done.loss().getFloat(), gradient);
  }

  private record Differentiated(NDArray loss, NDList leaves) {}

  private Differentiated differentiate(NDArray x) {
    NDManager step = x.getManager();
    NDList leaves = new NDList();
    for (NDArray parameter : parameters) {
      NDArray leaf = parameter.stopGradient();
      leaf.attach(step);
      leaf.setRequiresGradient(true);
      leaves.add(leaf);
    }
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = loss(x, leaves);
      collector.backward(loss);
      return new Differentiated(loss, leaves);
    }
  }

  private NDArray loss(NDArray rows, NDList p) {
    NDArray x = c.convolution() == null ? rows : images(rows);
    NDArray code = code(x, p);
    NDArray reconstruction = reconstruction(code, p);
    NDArray squaredError = reconstruction.sub(x).norm().square();
    NDArray loss = squaredError.mul(scalar(x, 0.5 / x.getShape().get(0)));
    return c.kind() == Case.Kind.KL ? loss.add(divergence(code)) : loss;
  }

  private NDArray code(NDArray x, NDList p) {
    return switch (c.kind()) {
      case KL -> Activation.sigmoid(linear(x, p, 0));
      case TOP_K -> keepLargest(linear(x, p, 0));
      case CONVOLUTION ->
          Activation.relu(
              Conv2d.conv2d(x, p.get(0), p.get(1), stride(), padding()).singletonOrThrow());
    };
  }

  private NDArray reconstruction(NDArray code, NDList p) {
    return c.kind() == Case.Kind.CONVOLUTION
        ? transposed.apply(code, p.get(2), p.get(3))
        : linear(code, p, 2);
  }

  private static NDArray linear(NDArray x, NDList p, int weight) {
    return Linear.linear(x, p.get(weight), p.get(weight + 1)).singletonOrThrow();
  }

  private NDArray images(NDArray rows) {
    ImageShape of = c.convolution().input();
    return rows.reshape(-1, of.channels(), of.height(), of.width());
  }

  private Shape stride() {
    return new Shape(c.convolution().stride(), c.convolution().stride());
  }

  /** Zeros on either side: the maps are as large as the image, by a stride of 1 and an odd kernel. */
  private Shape padding() {
    int zeros = c.convolution().kernel() / 2;
    return new Shape(zeros, zeros);
  }

  private NDArray keepLargest(NDArray z) {
    NDList largest = z.topK(c.k(), 1, true, false);
    NDArray zeros = z.getManager().zeros(new Shape(1, 1)).broadcast(z.getShape());
    return zeros.scatter(largest.get(1), largest.get(0), 1);
  }

  private static NDArray divergence(NDArray code) {
    double rho = Case.TARGET;
    NDArray mean = code.mean(new int[] {0});
    NDArray log = mean.log().mul(scalar(code, rho));
    NDArray logOfRest = scalar(code, 1).sub(mean).log().mul(scalar(code, 1 - rho));
    double entropy = rho * Math.log(rho) + (1 - rho) * Math.log(1 - rho);
    NDArray divergence = scalar(code, entropy * code.getShape().get(1)).sub(log.add(logOfRest).sum());
    return divergence.mul(scalar(code, Case.SPARSITY_WEIGHT));
  }

  /** A constant that autograd may keep; DJL's of a {@code Number} are views of Java memory. */
  private static NDArray scalar(NDArray like, double value) {
    return like.getManager().full(new Shape(), (float) value);
  }

  @Override
  public void close() {
    if (transposed != null) {
      transposed.close();
    }
    manager.close();
  }
}
