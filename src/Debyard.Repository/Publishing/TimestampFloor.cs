using System.Globalization;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>
/// The latest times that retired branches of one name have shown to clients. To apt, a new branch of that name is the same repository, so
/// its times must not be earlier: apt would silently keep its old files.
/// </summary>
sealed record TimestampFloor(DateTimeOffset Date, DateTimeOffset LastModified)
{
    public static TimestampFloor? Read(RepositoryLayout layout, BranchName name)
    {
        var path = layout.TimestampFloor(name);
        if (!File.Exists(path))
            return null;
        var stanza = Stanza.Parse(File.ReadAllText(path));
        return new TimestampFloor(Time("Date"), Time("Last-Modified"));

        DateTimeOffset Time(string field) =>
            DateTimeOffset.TryParseExact(
                stanza.Required(field),
                "R",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var time
            )
                ? time
                : throw new DebianFormatException($"{path}: {field} is not a valid time.");
    }

    /// <summary>Raises the floor to the current times of a branch that is about to be retired.</summary>
    public static void Raise(RepositoryLayout layout, BranchName name)
    {
        var folder = layout.Branch(name);
        var floors = folder
            .Suites()
            .Select(suite => PublishedSuite.Read(folder, suite))
            .OfType<PublishedSuite>()
            .Select(published => new TimestampFloor(published.Release.Date, published.LastModified))
            .Concat(Read(layout, name) is { } before ? [before] : [])
            .ToList();
        if (floors.Count == 0)
            return;
        Directory.CreateDirectory(layout.TimestampFloors);
        layout.Replace(
            layout.TimestampFloor(name),
            new Stanza(
                new Field("Date", floors.Max(floor => floor.Date).ToString("R", CultureInfo.InvariantCulture)),
                new Field("Last-Modified", floors.Max(floor => floor.LastModified).ToString("R", CultureInfo.InvariantCulture))
            ).ToString()
        );
    }

    public bool IsLaterThan(PublishedSuite published) => published.Release.Date < Date || published.LastModified < LastModified;
}
