using System.Text.Json;
using System.Text.Json.Serialization;

namespace Debyard.Debian.Names;

/// <summary>A digest as a JSON string of 64 hexadecimal digits.</summary>
public sealed class Sha256JsonConverter : JsonConverter<Sha256>
{
    public override Sha256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Sha256.TryParse(reader.GetString(), out var digest) ? digest : throw new JsonException("not a SHA-256 digest");

    public override void Write(Utf8JsonWriter writer, Sha256 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
