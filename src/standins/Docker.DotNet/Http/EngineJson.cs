using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Docker.DotNet.Http;

static class EngineJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNameCaseInsensitive = true, // Id, ID, ApiVersion: the engine's spelling varies, the properties' does not
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new EngineDateTime(), new EngineInteger() },
    };

    public static string Serialize<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Deserialize<T>(string json) => JsonSerializer.Deserialize<T>(json, Options);

    /// <summary>The values of a stream of JSON texts, each as soon as it is complete.</summary>
    public static IAsyncEnumerable<T> DeserializeMany<T>(Stream stream, CancellationToken cancellationToken) =>
        JsonSerializer.DeserializeAsyncEnumerable<T>(stream, topLevelValues: true, Options, cancellationToken);

    /// <summary>RFC 3339 in some answers, seconds since 1970 in others.</summary>
    sealed class EngineDateTime : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? DateTime.UnixEpoch.AddSeconds(reader.GetInt64())
                : DateTime.Parse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>Go's <c>*int</c> is null where there is no value, as a running process's exit code; the package reads 0.</summary>
sealed class EngineInteger : JsonConverter<long>
{
    public override bool HandleNull => true;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? 0 : reader.GetInt64();

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>A duration the engine counts in seconds.</summary>
sealed class Seconds : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromSeconds(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((long)value.TotalSeconds);
}

/// <summary>A duration the engine counts in nanoseconds; milliseconds survive.</summary>
sealed class Nanoseconds : JsonConverter<TimeSpan>
{
    const long PerMillisecond = 1_000_000;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TimeSpan.FromMilliseconds(reader.GetInt64() / PerMillisecond);

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((long)(value.TotalMilliseconds * PerMillisecond));
}
