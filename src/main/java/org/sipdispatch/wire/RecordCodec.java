package org.sipdispatch.wire;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Serializes a record: its components in the order of their declaration. Kryo's own record serializer orders them by
 * name, so renaming one would change the bytes, and it does not support actor references.
 */
final class RecordCodec extends Serializer<Record> {
    private final RecordComponent[] components;
    private final int arguments;
    private final Constructor<? extends Record> constructor;

    RecordCodec(Class<? extends Record> type) {
        this(type, type.getRecordComponents().length);
    }

    /** Writes only the first {@code written} components; the others, which must be objects, are read as null. */
    RecordCodec(Class<? extends Record> type, int written) {
        RecordComponent[] all = type.getRecordComponents();
        components = Arrays.copyOf(all, written);
        arguments = all.length;
        Class<?>[] types = Arrays.stream(all).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        constructor.setAccessible(true);
        for (RecordComponent component : components) {
            component.getAccessor().setAccessible(true);
        }
    }

    @Override
    public void write(Kryo kryo, Output output, Record record) {
        for (RecordComponent component : components) {
            try {
                write(kryo, output, component.getType(), component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new KryoException(component + " of " + record, e);
            }
        }
    }

    private static void write(Kryo kryo, Output output, Class<?> type, Object value) {
        if (type == int.class) {
            output.writeVarInt((Integer) value, false);
        } else if (type == long.class) {
            output.writeVarLong((Long) value, false);
        } else if (type == boolean.class) {
            output.writeBoolean((Boolean) value);
        } else if (type == String.class) {
            output.writeString((String) value);
        } else if (type == byte[].class) {
            byte[] bytes = (byte[]) value;
            output.writeVarInt(bytes.length, true);
            output.writeBytes(bytes);
        } else if (type == List.class) {
            writeList(kryo, output, (List<?>) value);
        } else if (type == ActorRef.class) {
            output.writeString(value == null ? null : resolver(kryo).toSerializationFormat((ActorRef<?>) value));
        } else {
            kryo.writeClassAndObject(output, value);
        }
    }

    private static void writeList(Kryo kryo, Output output, List<?> list) {
        output.writeVarInt(list.size(), true);
        for (Object element : list) {
            boolean text = element instanceof String;
            output.writeBoolean(text);
            write(kryo, output, text ? String.class : Object.class, element);
        }
    }

    @Override
    public Record read(Kryo kryo, Input input, Class<? extends Record> type) {
        Object[] values = new Object[arguments];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(kryo, input, components[i].getType());
        }
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new KryoException(type + " of " + Arrays.toString(values), e);
        }
    }

    private static Object component(Kryo kryo, Input input, Class<?> type) {
        if (type == int.class) {
            return input.readVarInt(false);
        } else if (type == long.class) {
            return input.readVarLong(false);
        } else if (type == boolean.class) {
            return input.readBoolean();
        } else if (type == String.class) {
            return input.readString();
        } else if (type == byte[].class) {
            return input.readBytes(input.readVarInt(true));
        } else if (type == List.class) {
            return readList(kryo, input);
        } else if (type == ActorRef.class) {
            String path = input.readString();
            return path == null ? null : resolver(kryo).resolveActorRef(path);
        }
        return kryo.readClassAndObject(input);
    }

    private static List<?> readList(Kryo kryo, Input input) {
        int size = input.readVarInt(true);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(component(kryo, input, input.readBoolean() ? String.class : Object.class));
        }
        return List.copyOf(list);
    }

    @SuppressWarnings("unchecked")
    private static ActorRefResolver resolver(Kryo kryo) {
        return (ActorRefResolver) kryo.getContext().get(ActorRefResolver.class);
    }
}
