package org.sipdispatch.wire;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import akka.serialization.JSerializer;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.util.Pool;

/** Serializes messages between nodes with Kryo: only the classes of {@link WireRegistry}. Thread-safe. */
final class KryoSerializer extends JSerializer {
    private static final int IDENTIFIER = 2060202;
    private static final int USUAL_BYTES = 512;
    static final int MOST_BYTES = 16 << 20;

    private final Pool<Kryo> pool;

    /** Called by Akka. */
    public KryoSerializer(ExtendedActorSystem system) {
        pool = new Pool<>(true, true, 16) {
            @Override
            @SuppressWarnings("unchecked")
            protected Kryo create() {
                Kryo kryo = new Kryo();
                WireRegistry.register(kryo);
                // Actor references need the actor system, which is complete before any message.
                kryo.getContext().put(ActorRefResolver.class, ActorRefResolver.get(Adapter.toTyped(system)));
                return kryo;
            }
        };
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public boolean includeManifest() {
        return false;
    }

    @Override
    public byte[] toBinary(Object message) {
        Kryo kryo = pool.obtain();
        try (Output output = new Output(USUAL_BYTES, MOST_BYTES)) {
            kryo.writeClassAndObject(output, message);
            return output.toBytes();
        } finally {
            pool.free(kryo);
        }
    }

    @Override
    public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
        Kryo kryo = pool.obtain();
        try (Input input = new Input(bytes)) {
            return kryo.readClassAndObject(input);
        } finally {
            pool.free(kryo);
        }
    }
}
