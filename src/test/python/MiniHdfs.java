import java.io.File;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** An HDFS in a directory: prints its URI, and ends with its input. */
class MiniHdfs {
  public static void main(String[] directory) throws Exception {
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(new Configuration(), new File(directory[0]))
            .numDataNodes(1)
            .build();
    cluster.waitActive();
    System.out.println(cluster.getURI());
    System.in.read();
    cluster.shutdown(true);
  }
}
