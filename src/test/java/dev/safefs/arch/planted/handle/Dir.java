package dev.safefs.arch.planted.handle;

/** Asks for one thing more than a platform is to be asked for. */
public interface Dir {
  void method1();

  void method2();

  void method3();

  void method4();

  void method5();

  void method6();

  void method7();

  void method8();

  void method9();

  void method10();

  void method11();

  void method12();

  void method13();

  void method14();

  void method15();

  void method16();

  void method17();

  void method18();

  void method19();

  void method20();

  void method21();
}
