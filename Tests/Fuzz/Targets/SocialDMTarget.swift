import SocialDMAdapter

/// Each format of direct messages.
extension FuzzTarget {
    static let socialDM = FuzzTarget(name: "social_dm") { Reading.everyFormat(SocialDMAdapter(), $0) }
}
