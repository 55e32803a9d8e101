package io.remotegpu.api.testing;

import java.util.concurrent.CountDownLatch;

/** Serves the API with scripted workflows until it is ended: for trying requests, and for fuzzing. Prints its address. */
public final class ServeScripted extends ApiTest {

    public static void main(String[] arguments) throws InterruptedException {
        new ServeScripted().serve();
    }

    private void serve() throws InterruptedException {
        emptyTheDatabase();
        activeHost("host-001", 8);
        System.out.println("TOKEN " + nobody.user("admin").token());
        System.out.println("SERVING " + nobody.base());
        new CountDownLatch(1).await();
    }
}
