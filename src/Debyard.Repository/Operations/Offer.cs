using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A file that a client asks to list, announced by its digests or already received.</summary>
public sealed record Offer(SuiteComponent SuiteComponent, DebFileName Name, AnnouncedDigests Digests, IncomingFile? Received = null);

/// <summary>The outcome of an offer.</summary>
public enum OfferOutcome
{
    /// <summary>The branch already had this content under this name.</summary>
    Present,

    /// <summary>Another branch had this content; it is now linked into this branch.</summary>
    Linked,

    /// <summary>The received file is now in the branch.</summary>
    Created,

    /// <summary>No branch has this content, as far as the writer may know.</summary>
    Missing,

    /// <summary>The branch refuses this content under this name; see <see cref="Branches.ConflictRule"/>.</summary>
    Conflict,
}
