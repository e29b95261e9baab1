import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PRIVATE;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACC_SYNTHETIC;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASM9;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.GETFIELD;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.H_INVOKESTATIC;
import static org.objectweb.asm.Opcodes.H_NEWINVOKESPECIAL;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.POP2;
import static org.objectweb.asm.Opcodes.PUTFIELD;
import static org.objectweb.asm.Opcodes.PUTSTATIC;
import static org.objectweb.asm.Opcodes.RETURN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;

/**
 * A step of the build: makes a class of each lambda expression in the class files of a directory,
 * as javac makes one of each anonymous class. What the JVM would do when a lambda is first reached
 * takes it a millisecond of processor time, and asks the default file system, which SafeFS may be
 * about to become (docs/adr/0014). A lambda it does not know how to turn ends the build.
 */
public final class LambdaClasses {
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final String MARK = "$$Lambda$";

  private final Path directory;
  private final Map<String, byte[]> changed = new TreeMap<>();
  private final Map<String, List<String>> nests = new HashMap<>();

  private LambdaClasses(Path directory) {
    this.directory = directory;
  }

  /** Turns the lambdas of a directory of classes, but not of versions of them. */
  public static void main(String[] directory) throws IOException {
    new LambdaClasses(Path.of(directory[0])).turn();
  }

  private void turn() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(this::isBase).toList()) {
        Host host = new Host(new ClassReader(Files.readAllBytes(file)));
        host.read();
      }
    }
    for (Map.Entry<String, List<String>> nest : nests.entrySet()) {
      widen(nest.getKey(), nest.getValue());
    }
    for (Map.Entry<String, byte[]> each : changed.entrySet()) {
      Files.write(file(each.getKey()), each.getValue());
    }
    sweep();
  }

  /** Deletes what an earlier build made of lambdas that are no more. */
  private void sweep() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(this::isBase).filter(LambdaClasses::isMade).toList()) {
        if (!isInItsNest(file)) {
          Files.delete(file);
        }
      }
    }
  }

  private static boolean isMade(Path file) {
    return file.toString().contains(MARK);
  }

  /** A compiler that writes the host of a nest again does not know the members made here. */
  private boolean isInItsNest(Path made) throws IOException {
    ClassNode member = node(made);
    Path host = file(member.nestHostClass);
    if (Files.notExists(host)) {
      return false;
    }
    List<String> members = node(host).nestMembers;
    return members != null && members.contains(member.name);
  }

  private static ClassNode node(Path file) throws IOException {
    ClassNode node = new ClassNode();
    new ClassReader(Files.readAllBytes(file)).accept(node, ClassReader.SKIP_CODE);
    return node;
  }

  private boolean isBase(Path file) {
    return file.toString().endsWith(".class") && !file.startsWith(directory.resolve("META-INF"));
  }

  private Path file(String name) {
    return directory.resolve(name + ".class");
  }

  /** Lets classes into the nest of a class, whose private members they call. */
  private void widen(String name, List<String> members) throws IOException {
    byte[] known = changed.get(name);
    ClassReader reader = new ClassReader(known == null ? Files.readAllBytes(file(name)) : known);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(writer, 0);
    members.forEach(writer::visitNestMember);
    changed.put(name, writer.toByteArray());
  }

  /** A class that has lambdas. */
  private final class Host extends ClassVisitor {
    private final ClassReader reader;
    private final ClassWriter writer;
    private int version;
    private String name = "";
    private String source = "";
    private String nest = "";
    private int lambdas;

    Host(ClassReader reader) {
      super(ASM9);
      this.reader = reader;
      this.writer = new ClassWriter(reader, 0);
      this.cv = writer;
    }

    void read() {
      reader.accept(this, 0);
      if (lambdas > 0) {
        changed.put(name, writer.toByteArray());
      }
    }

    @Override
    public void visit(
        int version, int access, String name, String signature, String parent, String[] types) {
      super.visit(version, access, name, signature, parent, types);
      this.version = version;
      this.name = name;
      this.nest = name;
    }

    @Override
    public void visitSource(String source, String debug) {
      super.visitSource(source, debug);
      this.source = source;
    }

    @Override
    public void visitNestHost(String host) {
      super.visitNestHost(host);
      this.nest = host;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      MethodVisitor written = super.visitMethod(access, method, descriptor, signature, exceptions);
      return new MethodVisitor(ASM9, written) {
        @Override
        public void visitInvokeDynamicInsn(
            String call, String captures, Handle bootstrap, Object... arguments) {
          if (!bootstrap.getOwner().equals(FACTORY)) {
            super.visitInvokeDynamicInsn(call, captures, bootstrap, arguments);
            return;
          }
          if (!bootstrap.getName().equals("metafactory")) {
            throw new IllegalStateException(name + "." + method + ": a lambda of several types");
          }
          Lambda lambda = new Lambda(Host.this, call, Type.getMethodType(captures), arguments);
          lambda.emit(mv);
        }
      };
    }

    String next() {
      lambdas++;
      String lambda = name + MARK + lambdas;
      nests.computeIfAbsent(nest, ignored -> new ArrayList<>()).add(lambda);
      return lambda;
    }
  }

  /** A lambda, and the class that is made of it. */
  private final class Lambda {
    private final String name;
    private final String method;
    private final Type type;
    private final Type[] captured;
    private final Type erased;
    private final Handle body;
    private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

    Lambda(Host host, String method, Type factory, Object[] arguments) {
      this.name = host.next();
      this.method = method;
      this.type = factory.getReturnType();
      this.captured = factory.getArgumentTypes();
      this.erased = (Type) arguments[0];
      this.body = (Handle) arguments[1];
      writer.visit(
          host.version,
          ACC_FINAL | ACC_SYNTHETIC,
          name,
          null,
          "java/lang/Object",
          new String[] {type.getInternalName()});
      writer.visitSource(host.source, null);
      writer.visitNestHost(host.nest);
      construct();
      create();
      call();
      writer.visitEnd();
      changed.put(name, writer.toByteArray());
    }

    private String constructor() {
      return Type.getMethodDescriptor(Type.VOID_TYPE, captured);
    }

    private String factory() {
      return Type.getMethodDescriptor(type, captured);
    }

    /** What stands where the lambda was linked: one object, if it captures nothing. */
    void emit(MethodVisitor code) {
      if (captured.length == 0) {
        code.visitFieldInsn(GETSTATIC, name, "INSTANCE", type.getDescriptor());
      } else {
        code.visitMethodInsn(INVOKESTATIC, name, "of", factory(), false);
      }
    }

    private void construct() {
      MethodVisitor code = writer.visitMethod(ACC_PRIVATE, "<init>", constructor(), null, null);
      code.visitVarInsn(ALOAD, 0);
      code.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
      int local = 1;
      for (int i = 0; i < captured.length; i++) {
        String descriptor = captured[i].getDescriptor();
        writer.visitField(ACC_PRIVATE | ACC_FINAL, "captured" + i, descriptor, null, null);
        code.visitVarInsn(ALOAD, 0);
        code.visitVarInsn(captured[i].getOpcode(ILOAD), local);
        code.visitFieldInsn(PUTFIELD, name, "captured" + i, descriptor);
        local += captured[i].getSize();
      }
      end(code, Type.VOID_TYPE);
    }

    /** A static factory: at the place of the lambda the captures are on the stack already. */
    private void create() {
      boolean single = captured.length == 0;
      String descriptor = single ? "()V" : factory();
      MethodVisitor code =
          writer.visitMethod(ACC_STATIC, single ? "<clinit>" : "of", descriptor, null, null);
      code.visitTypeInsn(NEW, name);
      code.visitInsn(DUP);
      int local = 0;
      for (Type each : captured) {
        code.visitVarInsn(each.getOpcode(ILOAD), local);
        local += each.getSize();
      }
      code.visitMethodInsn(INVOKESPECIAL, name, "<init>", constructor(), false);
      if (single) {
        writer.visitField(ACC_STATIC | ACC_FINAL, "INSTANCE", type.getDescriptor(), null, null);
        code.visitFieldInsn(PUTSTATIC, name, "INSTANCE", type.getDescriptor());
        end(code, Type.VOID_TYPE);
      } else {
        end(code, type);
      }
    }

    /** The method of the interface: captures, then arguments, go to the lambda's body. */
    private void call() {
      MethodVisitor code =
          writer.visitMethod(ACC_PUBLIC, method, erased.getDescriptor(), null, null);
      boolean constructs = body.getTag() == H_NEWINVOKESPECIAL;
      if (constructs) {
        code.visitTypeInsn(NEW, body.getOwner());
        code.visitInsn(DUP);
      }
      for (int i = 0; i < captured.length; i++) {
        code.visitVarInsn(ALOAD, 0);
        code.visitFieldInsn(GETFIELD, name, "captured" + i, captured[i].getDescriptor());
      }
      List<Type> wanted = wanted();
      int local = 1;
      int next = captured.length;
      for (Type argument : erased.getArgumentTypes()) {
        code.visitVarInsn(argument.getOpcode(ILOAD), local);
        local += argument.getSize();
        convert(code, argument, wanted.get(next));
        next++;
      }
      code.visitMethodInsn(
          opcode(), body.getOwner(), body.getName(), body.getDesc(), body.isInterface());
      Type given = Type.getReturnType(body.getDesc());
      Type result = erased.getReturnType();
      if (result.getSort() == Type.VOID) {
        drop(code, constructs ? Type.getObjectType(body.getOwner()) : given);
      } else if (!constructs) {
        convert(code, given, result);
      }
      end(code, result);
    }

    /** The types that the body takes, its receiver first. */
    private List<Type> wanted() {
      List<Type> types = new ArrayList<>();
      int tag = body.getTag();
      if (tag != H_INVOKESTATIC && tag != H_NEWINVOKESPECIAL) {
        types.add(Type.getObjectType(body.getOwner()));
      }
      types.addAll(Arrays.asList(Type.getArgumentTypes(body.getDesc())));
      return types;
    }

    private int opcode() {
      return switch (body.getTag()) {
        case H_INVOKESTATIC -> INVOKESTATIC;
        case H_NEWINVOKESPECIAL -> INVOKESPECIAL;
        default -> body.isInterface() ? INVOKEINTERFACE : INVOKEVIRTUAL;
      };
    }

    private void convert(MethodVisitor code, Type from, Type to) {
      if (from.equals(to)) {
        return;
      }
      if (isPrimitive(from) && !isPrimitive(to)) {
        String box = box(from);
        String descriptor = Type.getMethodDescriptor(Type.getObjectType(box), from);
        code.visitMethodInsn(INVOKESTATIC, box, "valueOf", descriptor, false);
      } else if (isPrimitive(to) && !isPrimitive(from)) {
        String box = box(to);
        code.visitTypeInsn(CHECKCAST, box);
        String descriptor = Type.getMethodDescriptor(to);
        code.visitMethodInsn(INVOKEVIRTUAL, box, to.getClassName() + "Value", descriptor, false);
      } else if (isPrimitive(to)) {
        throw new IllegalStateException(name + ": from " + from + " to " + to);
      } else if (!to.getInternalName().equals("java/lang/Object")) {
        code.visitTypeInsn(CHECKCAST, to.getInternalName());
      }
    }
  }

  private static void drop(MethodVisitor code, Type value) {
    if (value.getSize() > 0) {
      code.visitInsn(value.getSize() == 2 ? POP2 : POP);
    }
  }

  private static void end(MethodVisitor code, Type result) {
    code.visitInsn(result.getSort() == Type.VOID ? RETURN : result.getOpcode(IRETURN));
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static boolean isPrimitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }

  private static String box(Type primitive) {
    return switch (primitive.getSort()) {
      case Type.BOOLEAN -> "java/lang/Boolean";
      case Type.CHAR -> "java/lang/Character";
      case Type.BYTE -> "java/lang/Byte";
      case Type.SHORT -> "java/lang/Short";
      case Type.INT -> "java/lang/Integer";
      case Type.LONG -> "java/lang/Long";
      case Type.FLOAT -> "java/lang/Float";
      case Type.DOUBLE -> "java/lang/Double";
      default -> throw new IllegalArgumentException(primitive.toString());
    };
  }
}
