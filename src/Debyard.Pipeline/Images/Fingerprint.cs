using System.Security.Cryptography;
using System.Text;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Images;

/// <summary>One input of a fingerprint: where it comes from, and its text or digest.</summary>
public readonly record struct Input(string Source, string Content);

/// <summary>A changed input.</summary>
/// <param name="Before">Null if the input is new.</param>
/// <param name="After">Null if the input is gone.</param>
public readonly record struct Change(string Source, string? Before, string? After)
{
    public override string ToString() =>
        Before is null ? $"{Source} is new"
        : After is null ? $"{Source} is gone"
        : $"{Source} changed";
}

/// <summary>
/// SHA-256 over everything that decides the content of an image, and nothing else: no times, no order of files, no path of the
/// checkout. It keeps its inputs, so that a difference can be named.
/// </summary>
public sealed class Fingerprint
{
    // Raise it when the meaning of an input changes; everything is built again then.
    const string Format = "debyard fingerprint 1";

    Fingerprint(IReadOnlyList<Input> inputs)
    {
        Inputs = inputs;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Format));
        foreach (var (source, content) in inputs)
        {
            // Lengths distinguish "ab"+"c" from "a"+"bc".
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{source.Length} {source} {content.Length} {content}"));
        }
        Value = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public IReadOnlyList<Input> Inputs { get; }

    /// <summary>64 hexadecimal digits.</summary>
    public string Value { get; }

    /// <summary>The first 12 digits, for tags, folders and messages.</summary>
    public string Brief => Value[..BriefLength];

    internal const int BriefLength = 12;

    public static Fingerprint Of(Image image) =>
        Over(Build(image, parent => parent.Fingerprint).Concat(image.Packing is { } packing ? PackInputs.Of(packing) : []));

    public static Fingerprint OfBuild(Image image) => Over(Build(image, parent => parent.BuildFingerprint));

    static IEnumerable<Input> Build(Image image, Func<Image, Fingerprint> ofParent) =>
        Basics(image)
            .Concat(image.Context?.Inputs ?? [])
            .Concat(
                image
                    .Arguments.OrderBy(argument => argument.Key, StringComparer.Ordinal)
                    .Select(argument => new Input($"argument {argument.Key}", argument.Value))
            )
            .Concat(
                image
                    .Parents.OrderBy(parent => parent.Key, StringComparer.Ordinal)
                    .Select(parent => new Input(parent.Value.Id, $"{parent.Key} {ofParent(parent.Value).Value}"))
            );

    public static Fingerprint Over(IEnumerable<Input> inputs) => new([.. inputs]);

    /// <summary>The first change since an earlier build, in words; null if nothing changed.</summary>
    public string? ChangedSince(IReadOnlyList<Input> earlier) => ChangesSince(earlier).Select(change => change.ToString()).FirstOrDefault();

    /// <summary>The changes since an earlier build; inputs that are gone come last.</summary>
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
