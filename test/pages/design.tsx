import { DesignPage } from '../../workers/app/pages/design.tsx'
import { renderDocument } from '../../workers/app/pages/document.tsx'

/** The page of the components, with that sheet. */
export const renderDesign = (sheet: string): string => renderDocument(<DesignPage sheet={sheet} />)
