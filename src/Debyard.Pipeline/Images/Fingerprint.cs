using System.Security.Cryptography;
using System.Text;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Images;

/// <summary>One thing an image is made of: where it comes from, and a digest or the text of what it is.</summary>
public readonly record struct Input(string Source, string Content);

/// <summary>An input that is not what it was; null where it is new, or gone.</summary>
public readonly record struct Change(string Source, string? Before, string? After)
{
    public override string ToString() =>
        Before is null ? $"{Source} is new"
        : After is null ? $"{Source} is gone"
        : $"{Source} changed";
}

/// <summary>
/// SHA-256 over everything that decides an image's content, and nothing else: neither times, nor the order of files, nor where
/// the checkout lies. The inputs are kept, so that a difference can be named.
/// </summary>
public sealed class Fingerprint
{
    // Raised when the meaning of an input changes: everything is built again then.
    const string Format = "debyard fingerprint 1";

    Fingerprint(IReadOnlyList<Input> inputs)
    {
        Inputs = inputs;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Format));
        foreach (var (source, content) in inputs)
        {
            // Lengths keep "ab"+"c" and "a"+"bc" apart.
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{source.Length} {source} {content.Length} {content}"));
        }
        Value = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public IReadOnlyList<Input> Inputs { get; }

    /// <summary>64 hexadecimal digits.</summary>
    public string Value { get; }

    /// <summary>The first 12 digits: for tags, folders and people.</summary>
    public string Brief => Value[..BriefLength];

    internal const int BriefLength = 12;

    public static Fingerprint Of(Image image) =>
        Over(
            Basics(image)
                .Concat(image.Context?.Inputs ?? [])
                .Concat(
                    image
                        .Arguments.OrderBy(each => each.Key, StringComparer.Ordinal)
                        .Select(each => new Input($"argument {each.Key}", each.Value))
                )
                .Concat(
                    image
                        .Parents.OrderBy(each => each.Key, StringComparer.Ordinal)
                        .Select(each => new Input(each.Value.Id, $"{each.Key} {each.Value.Fingerprint.Value}"))
                )
        );

    public static Fingerprint Over(IEnumerable<Input> inputs) => new([.. inputs]);

    /// <summary>The first input that differs from an earlier build's, in words; null where none does.</summary>
    public string? ChangedSince(IReadOnlyList<Input> earlier) => ChangesSince(earlier).Select(change => change.ToString()).FirstOrDefault();

    /// <summary>Every input that differs from an earlier build's; what is gone comes last.</summary>
    public IEnumerable<Change> ChangesSince(IReadOnlyList<Input> earlier)
    {
        var before = earlier.ToDictionary(input => input.Source, input => input.Content);
        foreach (var (source, content) in Inputs)
        {
            var isNew = !before.Remove(source, out var old);
            if (isNew || old != content)
            {
                yield return new Change(source, old, content);
            }
        }
        foreach (var (source, content) in before)
        {
            yield return new Change(source, content, null);
        }
    }

    public override string ToString() => Value;

    static IEnumerable<Input> Basics(Image image)
    {
        yield return new Input("kind", image.Kind.ToString());
        yield return new Input("architecture", image.Architecture.ToString());
        if (image.Base is BaseImage.Bootstrapped bootstrapped)
        {
            yield return new Input("bootstrap", $"{bootstrapped.Suite} {string.Join(' ', bootstrapped.Packages)}");
            yield return new Input("mirror", bootstrapped.Mirror ?? "");
        }
        if (image.Base is BaseImage.Pulled pulled)
        {
            yield return new Input("pull", pulled.Reference);
        }
        if (image.Base is BaseImage.Supplied supplied)
        {
            yield return new Input("supplied image", supplied.Id);
        }
    }
}
