package org.spooldir.worker;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.Spool;

/** Stands between a worker and its spool, and does what a test wants. */
final class Interposed {

  /** A call on its way. */
  @FunctionalInterface
  interface Call {
    Object proceed() throws Throwable;
  }

  /** What happens to calls: it may let them proceed, or throw. */
  @FunctionalInterface
  interface Around {
    Object call(String method, Call call) throws Throwable;
  }

  private Interposed() {}

  static Spool onSpool(Spool spool, Around around) {
    return on(Spool.class, spool, around);
  }

  /** Stands between the worker and each claim. */
  static Spool onClaims(Spool spool, Around around) {
    return onSpool(
        spool,
        (method, call) -> {
          Object result = call.proceed();
          return result instanceof Optional<?> claim && method.equals("claim")
              ? claim.map(each -> on(Claim.class, (Claim) each, around))
              : result;
        });
  }

  private static <T> T on(Class<T> type, T target, Around around) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                around.call(
                    method.getName(),
                    () -> {
                      try {
                        return method.invoke(target, arguments);
                      } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                      }
                    })));
  }
}
