package org.sparksae.spark.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Readers that read ahead, one above the other; rows are the names of their files. */
class FileBlocksTest {
  private static final List<String> ROWS =
      IntStream.range(0, 60).mapToObj(i -> i < 9 ? "" : "file" + i * i / 100).toList();

  @AfterEach
  void leaveTheThreadAsItWas() {
    InputFileBlockHolder.unset();
  }

  /** Sets the thread's file when the file of the rows changes, as Spark's scan does. */
  private static Iterator<String> scan() {
    Iterator<String> rows = ROWS.iterator();
    return new Iterator<>() {
      private String file = "";

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public String next() {
        String row = rows.next();
        if (!row.equals(file)) {
          InputFileBlockHolder.set(row, row.length(), row.hashCode() & 0xff);
          file = row;
        }
        return row;
      }
    };
  }

  private static Iterator<String> ahead(Iterator<String> source, int capacity) {
    FileBlocks blocks = new FileBlocks(capacity);
    String[] tile = new String[capacity];
    return new Iterator<>() {
      private int count;
      private int next;

      @Override
      public boolean hasNext() {
        if (next == count) {
          blocks.beginReading();
          next = 0;
          count = 0;
          while (count < capacity && source.hasNext()) {
            tile[count] = source.next();
            blocks.read(count++);
          }
        }
        return next < count;
      }

      @Override
      public String next() {
        hasNext();
        blocks.give(next);
        return tile[next++];
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "5, 1, 1", "100, 1, 1", "7, 7, 7", "4, 3, 1", "3, 4, 7", "50, 2, 9"})
  void eachRowHasItsOwnBlock(int lowest, int middle, int highest) {
    Iterator<String> rows = ahead(ahead(ahead(scan(), lowest), middle), highest);
    for (String expected : ROWS) {
      assertEquals(true, rows.hasNext());
      assertEquals(expected, rows.next());
      assertEquals(expected, InputFileBlockHolder.getInputFilePath().toString());
      boolean fromFile = !expected.isEmpty();
      assertEquals(fromFile ? expected.length() : -1, InputFileBlockHolder.getStartOffset());
      assertEquals(fromFile ? expected.hashCode() & 0xff : -1, InputFileBlockHolder.getLength());
    }
    assertEquals(false, rows.hasNext());
  }
}
