package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SpatialSparsity;
import org.sparksae.core.model.TensorRole;
import org.sparksae.core.model.TopK;
import org.sparksae.core.nn.layer.ConvolutionLayer;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * Chooses the class that computes a kind of code. Only this class asks for the kind, once per set
 * of buffers and not once per row.
 */
public final class CodeMakers {
  private final AutoencoderSpec spec;
  private final HiddenLayer layer;
  private final Layer encoder;
  private final int maxRows;
  private final int rowGrain;
  private final Team team;

  private CodeMakers(AutoencoderSpec spec, Layer encoder, int maxRows, int rowGrain, Team team) {
    this.spec = spec;
    this.layer = spec.code();
    this.encoder = encoder;
    this.maxRows = maxRows;
    this.rowGrain = rowGrain;
    this.team = team;
  }

  /**
   * Creates the code maker of a model, with its buffers.
   *
   * @param encoder the layer with its parameters
   * @param maxRows the most rows per call
   * @param rowGrain chunk of rows that a member of the team takes at a time
   */
  public static CodeMaker of(
      AutoencoderSpec spec, Layer encoder, int maxRows, int rowGrain, Team team) {
    return new CodeMakers(spec, encoder, maxRows, rowGrain, team).maker(spec.code().form());
  }

  /**
   * Creates the search for what the code of a layer needs to know about a batch.
   *
   * @param memory what the training remembers of earlier batches
   * @param digitBits bits of each unit's threshold found per round; see {@link UnitThresholds}
   */
  public static CodeSearch search(HiddenLayer layer, CodeMemory memory, int digitBits) {
    if (layer.form() instanceof BatchTopK batch) {
      // One threshold needs far shorter sums than one for each unit.
      return new BatchThreshold(
          batch.k(), memory.threshold(), 2 * digitBits, Bfloat16Backend.get().isFast());
    }
    if (layer.sparsity().kind() == SparsityKind.TARGET_L0) {
      return new MeanL0();
    }
    return search(layer.form(), layer, digitBits);
  }

  private static CodeSearch search(CodeForm form, HiddenLayer layer, int digitBits) {
    if (form instanceof SpatialSparsity spatial) {
      return search(spatial.of(), layer, digitBits);
    }
    if (form instanceof LifetimeSparsity lifetime) {
      return LifetimeCode.search(layer, lifetime.share(), digitBits);
    }
    return CodeSearch.NONE;
  }

  private CodeMaker maker(CodeForm form) {
    if (form instanceof TopK topK) {
      return encoder instanceof DenseLayer dense
          ? new KSparse(dense, topK, maxRows, team)
          : new MapWinners((ConvolutionLayer) encoder, topK, maxRows, team);
    }
    if (form instanceof BatchTopK batch) {
      return new BatchTopKCode((DenseLayer) encoder, batch, maxRows, team);
    }
    if (form.hasThresholds()) {
      Tensor thresholds = tensor(TensorRole.THRESHOLD);
      ThresholdCode code = new ThresholdCode((DenseLayer) encoder, thresholds, maxRows, team);
      return form instanceof JumpReluTraining jump
          ? new JumpReluCode(
              (DenseLayer) encoder, thresholds, jump, code, preActivations(thresholds, jump), team)
          : code;
    }
    if (form instanceof Gated) {
      return new GatedCode(
          (DenseLayer) encoder,
          tensor(TensorRole.LOG_SCALE),
          tensor(TensorRole.MAGNITUDE_BIAS),
          maxRows,
          team);
    }
    if (form instanceof SpatialSparsity spatial) {
      CodeMaker largest = new MapWinners((ConvolutionLayer) encoder, null, maxRows, team);
      return spatial.of() instanceof LifetimeSparsity ? lifetime(largest) : largest;
    }
    CodeMaker all = new AllUnitsCode(new LayerForward(encoder, maxRows, rowGrain, team));
    return form instanceof LifetimeSparsity ? lifetime(all) : all;
  }

  private PreActivationLoss preActivations(Tensor thresholds, JumpReluTraining jump) {
    return jump.hasAuxiliaryLoss()
        ? new PreActivationLoss((DenseLayer) encoder, thresholds, jump.preActivationWeight(), team)
        : null;
  }

  private Tensor tensor(TensorRole role) {
    return spec.layout().tensor(ParameterLayout.ofCode(spec.depth(), role));
  }

  private CodeMaker lifetime(CodeMaker activations) {
    return new LifetimeCode(activations, layer, encoder, maxRows, team);
  }
}
