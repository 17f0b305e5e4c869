package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;

/** Convolutional models that the tests share. */
public final class ConvolutionCases {
  private static final double REG_PARAM = 0.01;

  /** Odd and even kernels, strides of 1 to 3, both paddings, images of both orientations. */
  private static final List<Convolution> SHAPES =
      List.of(
          shape(1, 5, 4, 2, 3, 1, Padding.VALID),
          shape(2, 4, 5, 5, 3, 1, Padding.SAME),
          shape(2, 7, 5, 3, 3, 2, Padding.VALID),
          shape(3, 5, 6, 4, 4, 2, Padding.SAME),
          shape(2, 7, 5, 3, 3, 3, Padding.SAME),
          shape(1, 3, 10, 7, 2, 1, Padding.VALID),
          shape(2, 3, 2, 6, 1, 1, Padding.SAME),
          shape(1, 7, 10, 3, 4, 3, Padding.VALID));

  /** Places of the forms without kinks, of which any data will do. */
  private static final int[] SMOOTH = {0, 1, 2, 4};

  private ConvolutionCases() {}

  private static Convolution shape(
      int channels, int height, int width, int filters, int kernel, int stride, Padding padding) {
    return new Convolution(
        new ImageShape(channels, height, width), filters, kernel, stride, padding, false);
  }

  /** Every shape with every form of code, options by turns; and stacks of two and three layers. */
  public static Stream<Cases.Case> grid() {
    List<Cases.Case> cases = new ArrayList<>();
    int options = 0;
    for (Convolution shape : SHAPES) {
      for (HiddenLayer code : forms(shape)) {
        cases.add(of(List.of(code), options));
        options += 3;
      }
      options++;
    }
    cases.addAll(deep());
    return cases.stream();
  }

  /** A small shape with every form of code, every shape with one of them, and stacks. */
  public static Stream<Cases.Case> few() {
    List<Cases.Case> cases = new ArrayList<>();
    for (HiddenLayer code : forms(SHAPES.get(0))) {
      cases.add(of(List.of(code), cases.size()));
    }
    for (int s = 1; s < SHAPES.size(); s++) {
      List<HiddenLayer> forms = forms(SHAPES.get(s));
      cases.add(of(List.of(forms.get(SMOOTH[s % SMOOTH.length])), cases.size()));
    }
    List<Cases.Case> deep = deep();
    cases.addAll(deep.subList(deep.size() - 3, deep.size()));
    return cases.stream();
  }

  /** Every kind of penalty, and of keeping the largest. */
  static List<HiddenLayer> forms(Convolution shape) {
    Convolution spatial =
        new Convolution(
            shape.input(), shape.filters(), shape.kernel(), shape.stride(), shape.padding(), true);
    LifetimeSparsity lifetime = new LifetimeSparsity(0.4);
    int k = Math.max(1, shape.filters() / 2);
    return List.of(
        penalised(shape, Activation.SIGMOID, SparsityKind.KL, SparsityScope.UNIT),
        penalised(shape, Activation.TANH, SparsityKind.TARGET_L2, SparsityScope.UNIT),
        penalised(shape, Activation.SIGMOID, SparsityKind.TARGET_L2, SparsityScope.EXAMPLE),
        penalised(shape, Activation.RELU, SparsityKind.L1, SparsityScope.UNIT),
        penalised(shape, Activation.LINEAR, SparsityKind.L2, SparsityScope.UNIT),
        new HiddenLayer(spatial, Activation.RELU, Sparsity.NONE, null, null),
        new HiddenLayer(spatial, Activation.SIGMOID, Sparsity.NONE, null, null),
        new HiddenLayer(spatial, Activation.RELU, Sparsity.NONE, null, lifetime),
        new HiddenLayer(shape, Activation.RELU, Sparsity.NONE, null, lifetime),
        new HiddenLayer(shape, Activation.RELU, Sparsity.NONE, null, new LifetimeSparsity(0.1)),
        new HiddenLayer(
            shape, Activation.LINEAR, Sparsity.NONE, new TopK(k, TopK.By.MAGNITUDE), null),
        new HiddenLayer(shape, Activation.RELU, Sparsity.NONE, new TopK(k, TopK.By.VALUE), null));
  }

  private static HiddenLayer penalised(
      Convolution shape, Activation activation, SparsityKind kind, SparsityScope scope) {
    return new HiddenLayer(shape, activation, Cases.sparsity(kind, scope), null, null);
  }

  /** Two convolutions, three, and a fully connected code above a convolution. */
  private static List<Cases.Case> deep() {
    Convolution first = shape(2, 5, 7, 3, 3, 1, Padding.SAME);
    HiddenLayer below = penalised(first, Activation.SIGMOID, SparsityKind.KL, SparsityScope.UNIT);
    Convolution second = new Convolution(first.output(), 4, 3, 2, Padding.VALID, false);
    List<Cases.Case> cases = new ArrayList<>();
    for (HiddenLayer code : forms(second)) {
      cases.add(of(List.of(below, code), cases.size()));
    }
    HiddenLayer middle =
        penalised(second, Activation.TANH, SparsityKind.TARGET_L1, SparsityScope.EXAMPLE);
    Convolution third = new Convolution(second.output(), 2, 2, 1, Padding.SAME, false);
    cases.add(
        of(
            List.of(
                below,
                middle,
                penalised(third, Activation.SIGMOID, SparsityKind.KL, SparsityScope.UNIT)),
            0));
    Sparsity distance = Cases.sparsity(SparsityKind.TARGET_L2, SparsityScope.UNIT);
    cases.add(of(List.of(below, new HiddenLayer(5, Activation.TANH, distance)), 1));
    HiddenLayer few =
        new HiddenLayer(9, Activation.LINEAR, Sparsity.NONE, new TopK(3, TopK.By.VALUE));
    cases.add(of(List.of(below, few), 2));
    return cases;
  }

  private static Cases.Case of(List<HiddenLayer> layers, int options) {
    boolean tied = (options & 1) != 0;
    boolean weighted = (options & 2) != 0;
    Activation output = (options & 4) != 0 ? Activation.SIGMOID : Activation.LINEAR;
    HiddenLayer code = layers.get(layers.size() - 1);
    int inputSize = layers.get(0).convolution().input().size();
    String name =
        "%s, %s %s%s%s%s, %d layer(s) %s, %s output, %s rows"
            .formatted(
                describe(layers.get(0).convolution()),
                code.activation().paramName(),
                code.sparsity().kind().paramName(),
                code.isSpatial() ? " spatial" : "",
                code.topK() == null ? "" : " k " + code.topK().k(),
                code.lifetime() == null ? "" : " lifetime " + code.lifetime().share(),
                layers.size(),
                tied ? "tied" : "untied",
                output.paramName(),
                weighted ? "weighted" : "plain");
    return new Cases.Case(
        name, new AutoencoderSpec(inputSize, layers, output, tied, REG_PARAM), weighted);
  }

  private static String describe(Convolution of) {
    return "%s %d of %d by %d %s"
        .formatted(of.input(), of.filters(), of.kernel(), of.stride(), of.padding().paramName());
  }
}
