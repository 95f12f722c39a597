namespace Cairn.Core;

/// <summary>Whether a thing is in use or in the bin. Deleted things stay readable and can be restored until they are purged.</summary>
public enum Lifecycle
{
    Active = 0,
    Deleted = 1,
}

/// <summary>Which lifecycles a listing shows.</summary>
public enum LifecycleFilter
{
    Active = 0,
    Deleted = 1,
    All = 2,
}
