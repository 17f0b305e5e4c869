package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.SpatialSparsity;
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
  private final HiddenLayer layer;
  private final Layer encoder;
  private final int maxRows;
  private final int rowGrain;
  private final Team team;

  private CodeMakers(HiddenLayer layer, Layer encoder, int maxRows, int rowGrain, Team team) {
    this.layer = layer;
    this.encoder = encoder;
    this.maxRows = maxRows;
    this.rowGrain = rowGrain;
    this.team = team;
  }

  /**
   * Creates the code maker of a layer, with its buffers.
   *
   * @param encoder the layer with its parameters
   * @param maxRows the most rows per call
   * @param rowGrain chunk of rows that a member of the team takes at a time
   */
  public static CodeMaker of(
      HiddenLayer layer, Layer encoder, int maxRows, int rowGrain, Team team) {
    return new CodeMakers(layer, encoder, maxRows, rowGrain, team).maker(layer.form());
  }

  /**
   * Creates the search for what the code of a layer needs to know about a batch.
   *
   * @param digitBits bits found per round; see {@link UnitThresholds}
   */
  public static CodeSearch search(HiddenLayer layer, int digitBits) {
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
    if (form instanceof SpatialSparsity spatial) {
      CodeMaker largest = new MapWinners((ConvolutionLayer) encoder, null, maxRows, team);
      return spatial.of() instanceof LifetimeSparsity ? lifetime(largest) : largest;
    }
    CodeMaker all = new AllUnitsCode(new LayerForward(encoder, maxRows, rowGrain, team));
    return form instanceof LifetimeSparsity ? lifetime(all) : all;
  }

  private CodeMaker lifetime(CodeMaker activations) {
    return new LifetimeCode(activations, layer, encoder, maxRows, team);
  }
}
