package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.core.model.TopK.By;

/** Models with an auxiliary loss, other reconstructions or a competition of the whole batch. */
public final class LatentCases {
  private static final AuxK AUX_K = new AuxK(2, 1.0 / 32, 40);

  private LatentCases() {}

  /** Every kind of code with every kind of loss; tied and weighted by turns. */
  public static Stream<Cases.Case> grid(int inputSize, int units) {
    List<Cases.Case> cases = new ArrayList<>();
    for (CodeForm form : forms()) {
      for (CodeLoss loss : losses(units)) {
        if (!(form instanceof TopK && loss.equals(CodeLoss.PLAIN))) {
          cases.add(of(inputSize, units, form.with(loss), cases.size() % 2 == 1, cases.size()));
        }
      }
    }
    for (CodeForm form : multi()) {
      cases.add(of(inputSize, units, form, cases.size() % 2 == 1, cases.size()));
    }
    return cases.stream();
  }

  /** One of each kind of loss, of plain rows. */
  public static Stream<Cases.Case> few(int inputSize, int units) {
    CodeLoss both = losses(units).get(3);
    return Stream.of(
        of(inputSize, units, new TopK(3, By.MAGNITUDE, both), false, 0),
        of(inputSize, units, new BatchTopK(1.5), false, 0),
        of(inputSize, units, new BatchTopK(2.5, both), true, 1),
        of(inputSize, units, multi().get(0), false, 2));
  }

  static List<CodeForm> forms() {
    return List.of(
        new TopK(2, By.VALUE), new TopK(2, By.MAGNITUDE), new BatchTopK(1.5), new BatchTopK(2));
  }

  /** Codes that also reconstruct from four times as many latents. */
  static List<CodeForm> multi() {
    CodeLoss plain = new CodeLoss(null, List.of(), true);
    CodeLoss both = new CodeLoss(AUX_K, List.of(), true);
    return List.of(
        new TopK(2, By.MAGNITUDE, both), new TopK(1, By.VALUE, both), new TopK(2, By.VALUE, plain));
  }

  static List<CodeLoss> losses(int units) {
    List<Integer> widths = List.of(1, units / 2, units);
    return List.of(
        CodeLoss.PLAIN,
        new CodeLoss(AUX_K, List.of()),
        new CodeLoss(null, widths),
        new CodeLoss(AUX_K, widths));
  }

  /** A model of one layer. */
  public static AutoencoderSpec spec(int inputSize, int units, CodeForm form, boolean tied) {
    Activation activation = form.defaultActivation();
    HiddenLayer code = new HiddenLayer(units, activation, Sparsity.NONE, form);
    return new AutoencoderSpec(inputSize, List.of(code), Activation.LINEAR, tied, 0.01);
  }

  private static Cases.Case of(int inputSize, int units, CodeForm form, boolean tied, int number) {
    boolean weighted = number % 3 == 2;
    String name =
        "%s, %s, %s rows"
            .formatted(form.fields(), tied ? "tied" : "untied", weighted ? "weighted" : "plain");
    return new Cases.Case(name, spec(inputSize, units, form, tied), weighted);
  }
}
