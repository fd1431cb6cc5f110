using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A file that a client wants listed: announced by its digests, or received.</summary>
public sealed record Offer(SuiteComponent SuiteComponent, DebFileName Name, AnnouncedDigests Digests, IncomingFile? Received = null);

/// <summary>What became of an offered file.</summary>
public enum OfferOutcome
{
    /// <summary>The branch already had these bytes under this name.</summary>
    Present,

    /// <summary>Another branch had these bytes; they are linked into this branch now.</summary>
    Linked,

    /// <summary>The received bytes are in the branch now.</summary>
    Created,

    /// <summary>No branch has these bytes.</summary>
    Missing,

    /// <summary>The branch refuses these bytes under this name; see <see cref="Branches.ConflictRule"/>.</summary>
    Conflict,
}
