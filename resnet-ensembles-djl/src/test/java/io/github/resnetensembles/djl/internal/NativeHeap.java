package io.github.resnetensembles.djl.internal;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import java.util.List;

/** What the C library has handed out: PyTorch's tensors on the CPU, exactly. */
final class NativeHeap {
  private NativeHeap() {}

  /** glibc's {@code struct mallinfo2}: ten sizes. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Mallinfo2 extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;

    /** Bytes of blocks that are mapped one by one. */
    public long hblkhd;

    public long usmblks;
    public long fsmblks;

    /** Bytes of all other blocks in use. */
    public long uordblks;

    public long fordblks;
    public long keepcost;
  }

  /** Bytes in use; -1 where the C library is not glibc 2.33 or newer. */
  static long bytesInUse() {
    try {
      Function mallinfo = NativeLibrary.getProcess().getFunction("mallinfo2");
      Mallinfo2 info = (Mallinfo2) mallinfo.invoke(Mallinfo2.class, List.of().toArray());
      return info.hblkhd + info.uordblks;
    } catch (UnsatisfiedLinkError e) {
      return -1;
    }
  }
}
