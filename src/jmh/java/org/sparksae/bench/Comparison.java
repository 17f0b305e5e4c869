package org.sparksae.bench;

import java.util.List;

/**
 * Training steps of the product and of PyTorch in turn, and the products that bound them, in one
 * process. Prints rows of the table that {@code scripts/benchmark} heads.
 */
public final class Comparison {
  private static final String GEMM = "sgemm";
  private static final int M = 256;
  private static final int N = 1024;
  private static final int K = 784;
  private static final int BATCHES_OF_DATA = 4;

  /** A quick run has so many times fewer rows: enough for every kernel to be entered. */
  private static final int QUICK_FRACTION = 16;

  private final Options options;

  private Comparison(Options options) {
    this.options = options;
  }

  /** Runs the cases whose ids are given, or all; {@code --quick} for a smoke run. */
  public static void main(String[] arguments) {
    new Comparison(Options.parse(arguments)).run();
  }

  private void run() {
    SameObjective.check();
    if (options.wants(GEMM)) {
      gemm();
    }
    for (Case c : Case.ALL) {
      if (options.wants(c.id())) {
        Case sized = options.quick() ? c.withRowsPerCore(c.rowsPerCore() / QUICK_FRACTION) : c;
        if (c.kind() == Case.Kind.CONVOLUTION) {
          compareConvolution(sized);
        } else {
          compare(sized);
        }
      }
    }
  }

  private void gemm() {
    try (FacadeGemm facade = new FacadeGemm(M, N, K);
        DirectGemm direct = new DirectGemm(M, N, K)) {
      double[] seconds = measure(GEMM, List.of(facade, direct));
      double flops = 2.0 * M * N * K;
      Table.note(
          "%s: façade %.1f GFLOP/s, cblas_sgemm %.1f, one thread",
          GEMM, flops / seconds[0] / 1e9, flops / seconds[1] / 1e9);
      Table.row(
          "sgemm %dx%dx%d".formatted(M, N, K),
          Table.rate(M, seconds[0]),
          Table.NONE,
          Table.NONE,
          Table.NONE,
          Table.percent(seconds[1] / seconds[0]) + " of cblas_sgemm",
          ">= 95 %");
    }
  }

  private void compare(Case c) {
    BenchData data = BenchData.uniform(BATCHES_OF_DATA * c.batchRows(), c.inputs());
    boolean encoderOnly = c.limit() != null && c.limit().encoderOnly();
    try (TorchStep torch = new TorchStep(c, data);
        TorchProducts torchProducts = new TorchProducts(c);
        GemmLimit products = new GemmLimit(c, encoderOnly);
        ProductStep product = new ProductStep(c, data)) {
      List<Contender> contenders = List.of(torch, torchProducts, products, product);
      report(c, encoderOnly, measure(c.id(), contenders));
    }
  }

  private static void report(Case c, boolean encoderOnly, double[] seconds) {
    double torch = seconds[0];
    double limit = seconds[2];
    double product = seconds[3];
    double flops = 2.0 * c.batchRows() * c.inputs() * c.hidden();
    Table.note(
        "%s: PyTorch %.1f ms a step, of which its products %.1f ms (%.0f GFLOP/s); %s %.1f ms (%.0f GFLOP/s)",
        c.id(),
        1e3 * torch,
        1e3 * seconds[1],
        5 * flops / seconds[1] / 1e9,
        encoderOnly ? "encoder product" : "five products",
        1e3 * limit,
        (encoderOnly ? 1 : 5) * flops / limit / 1e9);
    row(c, torch, limit, product);
  }

  /** A step without a limit: its products are no plain matrix products on either side. */
  private void compareConvolution(Case c) {
    BenchData data = BenchData.uniform(BATCHES_OF_DATA * c.batchRows(), c.inputs());
    try (TorchStep torch = new TorchStep(c, data);
        ProductStep product = new ProductStep(c, data)) {
      double[] seconds = measure(c.id(), List.of(torch, product));
      // Two products of the encoder, of whose input no gradient is wanted, and three of the decoder.
      double flops = 5.0 * 2 * c.batchRows() * c.hidden() * c.convolution().windowSize();
      Table.note(
          "%s: PyTorch %.1f ms a step (%.0f GFLOP/s), the product %.1f ms (%.0f GFLOP/s)",
          c.id(),
          1e3 * seconds[0],
          flops / seconds[0] / 1e9,
          1e3 * seconds[1],
          flops / seconds[1] / 1e9);
      row(c, seconds[0], Double.NaN, seconds[1]);
    }
  }

  private static void row(Case c, double torch, double limit, double product) {
    Table.row(
        c.title(),
        Table.rate(c.batchRows(), product),
        Table.rate(c.batchRows(), torch),
        Table.times(torch, product),
        ">= " + c.ratio() + " x",
        c.limit() == null ? Table.NONE : c.limit().reached(limit, product),
        c.limit() == null ? Table.NONE : c.limit().goal());
  }

  private double[] measure(String id, List<Contender> contenders) {
    return measure(options.rounds(), id, contenders);
  }

  /** Measures a case, and warns if the machine was not quiet. */
  static double[] measure(Rounds rounds, String id, List<Contender> contenders) {
    Rounds.Medians medians = rounds.measure(contenders);
    if (medians.worstForeign() > Rounds.DISTURBED) {
      Table.note(
          "%s: others took up to %.0f %% of the processors; run again on a quiet machine",
          id, 100 * medians.worstForeign());
    }
    return medians.secondsPerStep();
  }
}
