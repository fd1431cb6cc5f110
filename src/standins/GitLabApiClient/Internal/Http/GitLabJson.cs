using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GitLabApiClient.Internal.Http;

/// <summary>JSON as the package reads and writes it: null counts as absent, and empty texts and lists are not sent.</summary>
static class GitLabJson
{
    static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutNullAndEmpty } },
    };

    static readonly JsonSerializerOptions Options = new(Strict)
    {
        Converters =
        {
            new NullIsDefault<int>(),
            new NullIsDefault<long>(),
            new NullIsDefault<bool>(),
            new NullIsDefault<DateTime>(),
            new NullIsDefault<DateTimeOffset>(),
        },
    };

    public static string Serialize(object value) => JsonSerializer.Serialize(value, Options);

    public static T Deserialize<T>(string json) => string.IsNullOrWhiteSpace(json) ? default : JsonSerializer.Deserialize<T>(json, Options);

    static void LeaveOutNullAndEmpty(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            property.ShouldSerialize = (_, value) => value is IEnumerable items ? items.GetEnumerator().MoveNext() : value is not null;
    }

    sealed class NullIsDefault<T> : JsonConverter<T>
        where T : struct
    {
        public override bool HandleNull => true;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? default : JsonSerializer.Deserialize<T>(ref reader, Strict);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, Strict);
    }
}
